import { useAnnounced } from './announce.ts'

interface ToldProps {
  readonly words: string | false | null | undefined
  readonly className?: string
  readonly id?: string
}

/** Words that stand here, and are said when they have become others. */
export function Told({ words, ...rest }: ToldProps) {
  useAnnounced(words)
  return <span {...rest}>{words}</span>
}

/** Words that are said only: they stand elsewhere in another way. */
export function Announced({ words }: Pick<ToldProps, 'words'>) {
  useAnnounced(words)
  return null
}
