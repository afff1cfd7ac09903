import { Play } from 'lucide-react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract.ts'
import { Cover } from '../element/cover.tsx'
import { ago, clock } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { usePlayer, usePlayerState } from '../player/player-context.ts'

/** The book that was listened to last, one press away. */
export function GoOn({ novels }: { readonly novels: readonly Novel[] }) {
  const player = usePlayer()
  const now = useNow()
  const idle = usePlayerState((state) => state.novel === undefined)
  const latest = novels
    .filter((novel) => novel.position)
    .toSorted((a, b) => Date.parse(b.position?.updatedAt ?? '') - Date.parse(a.position?.updatedAt ?? ''))[0]
  if (!latest?.position || !idle) return null
  const { position } = latest
  return (
    <section className="go-on" aria-labelledby="go-on">
      <div className="go-on-cover">
        <Cover title={latest.title} author={latest.author} language={latest.language} image={latest.cover} />
      </div>
      <div>
        <h2 id="go-on">
          <Link href={`/novels/${latest.id}`} className="plain" lang={latest.language}>
            {latest.title}
          </Link>
        </h2>
        <p className="figures">
          Chapter {position.chapterNumber}, {clock(position.seconds)} · listened{' '}
          {ago(Date.parse(position.updatedAt), now)}
        </p>
      </div>
      <button
        type="button"
        className="button main"
        onClick={() => {
          void player.play(latest, position.chapterNumber)
        }}
      >
        <Play size={18} aria-hidden="true" /> Go on listening
      </button>
    </section>
  )
}
