import { useLayoutEffect, useState } from 'react'

/** Files dropped anywhere on the page. Answers whether something is held over it now. */
export function useDrop(onFiles: (files: Iterable<File>) => void): boolean {
  const [held, setHeld] = useState(false)
  // Before anything is seen: a browser opens a file itself that is dropped where nobody listens yet.
  useLayoutEffect(() => {
    // Entering a child leaves its parent, so the depth is counted.
    let depth = 0
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      // What appears under the files is entered first, and takes them only if it says so.
      event.preventDefault()
      depth++
      setHeld(true)
    }
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setHeld(false)
    }
    const over = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setHeld(false)
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry())
      if (entries.some((entry) => entry?.isDirectory)) void takeFolders(entries)
      else onFiles(event.dataTransfer?.files ?? [])
    }
    const takeFolders = async (entries: readonly (FileSystemEntry | null)[]): Promise<void> => {
      const { filesOf } = await import('../imports/folder-files.ts')
      onFiles(await filesOf(entries))
    }
    const left = new AbortController()
    const { signal } = left
    addEventListener('dragenter', enter, { signal })
    addEventListener('dragleave', leave, { signal })
    addEventListener('dragover', over, { signal })
    addEventListener('drop', drop, { signal })
    return () => left.abort()
  }, [onFiles])
  return held
}
