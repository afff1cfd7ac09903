import { useEffect } from 'react'

export function useTitle(words: string | undefined): void {
  useEffect(() => {
    document.title = words ? `${words} · Nightjar` : 'Nightjar'
  }, [words])
}
