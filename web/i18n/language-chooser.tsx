import { Trans } from '@lingui/react/macro'
import { Languages } from 'lucide-react'
import { useState } from 'react'
import { useListenerSettings } from '../listener/use-settings.ts'
import { isLanguage, languages, speakLanguage, useLanguage } from './language.ts'
import './language-chooser.css'

/** In which language the page speaks. Each is written in itself, so that it is found by who reads no other. */
export function LanguageChooser() {
  const language = useLanguage()
  const [, change] = useListenerSettings()
  const [failed, setFailed] = useState(false)
  const choose = (tag: string) => {
    if (!isLanguage(tag)) return
    void (async () => {
      try {
        await speakLanguage(tag)
        setFailed(false)
        change({ locale: tag })
      } catch {
        setFailed(true)
      }
    })()
  }
  return (
    <label className="language-chooser">
      <Languages size={18} aria-hidden="true" />
      <span className="unseen">
        <Trans>Language of the page</Trans>
      </span>
      <select value={language} onChange={(event) => choose(event.target.value)}>
        {Object.entries(languages).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      {failed && (
        <span role="alert">
          <Trans>This language could not be fetched. Choose it again when Nightjar answers.</Trans>
        </span>
      )}
    </label>
  )
}
