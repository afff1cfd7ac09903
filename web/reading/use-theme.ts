import { useLayoutEffect } from 'react'
import { useListenerSettings } from '../listener/use-settings.ts'

/** Sets the whole page in the colours that the listener chose. */
export function useTheme(): void {
  const [{ reading }] = useListenerSettings()
  const { theme } = reading
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    // The bars of a phone's browser go along; `index.html` has the system's two colours.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
      meta.dataset.own ??= meta.content
      meta.content = theme === 'system' ? meta.dataset.own : colours[theme]
    }
  }, [theme])
}

const colours = { light: '#f6f1e7', dark: '#11151f', sepia: '#f0e2c6' }
