import { type ReactNode, useRef } from 'react'

interface ChooseFilesProps {
  readonly onFiles: (files: readonly File[]) => void
  /** What the browser offers. */
  readonly accept?: string
  /** A folder with all that is in it; of browsers that have none of that, phones' mostly, no button. */
  readonly folder?: boolean
  readonly className: string
  readonly children: ReactNode
}

/** Of an input for files; React has no type for it. */
const wholeFolder = { webkitdirectory: '' }
const takesFolders = 'webkitdirectory' in HTMLInputElement.prototype

/** A button that has the browser ask for files. */
export function ChooseFiles({ onFiles, accept, folder = false, className, children }: ChooseFilesProps) {
  const input = useRef<HTMLInputElement>(null)
  if (folder && !takesFolders) return null
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        {...(folder && wholeFolder)}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
    </>
  )
}
