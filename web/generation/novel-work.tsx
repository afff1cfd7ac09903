import { Link } from 'wouter'
import { generationWords } from '../element/status-words.ts'
import { timeLeft } from '../element/time-words.ts'
import { useQueue } from '../queries.ts'
import { WaitingWords } from './waiting-words.tsx'
import './novel-work.css'

/** The work that is under way for a novel, each with a way to watch it. */
export function NovelWork({ novelId }: { readonly novelId: string }) {
  const queue = useQueue()
  const works = [...(queue.data?.running ?? []), ...(queue.data?.waiting ?? [])].filter(
    // What keeps ahead is told above the chapters.
    (work) => work.novelId === novelId && work.ahead === null,
  )
  if (works.length === 0) return null
  return (
    <ul className="novel-work">
      {works.map((work) => (
        <li key={work.id}>
          <Link href={`/generations/${work.id}`}>{generationWords(work.status)}</Link>
          <span className="figures">
            {Math.floor(work.percent)} %
            {work.status === 'running' && ` · ${timeLeft(work.etaSeconds).toLowerCase()}`}
            {work.waiting && (
              <>
                {' · '}
                <WaitingWords waiting={work.waiting} said={work.waitingSaid} voice={work.voice} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
