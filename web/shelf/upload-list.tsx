import { X } from 'lucide-react'
import { Link } from 'wouter'
import { Trouble } from '../element/page-state.tsx'
import { counted } from '../element/time-words.ts'
import { ImportReport } from '../novel/import-report.tsx'
import type { UploadItem, UploadState } from './use-uploads.ts'

interface UploadListProps {
  readonly items: readonly UploadItem[]
  readonly onDismiss: (id: number) => void
}

export function UploadList({ items, onDismiss }: UploadListProps) {
  if (items.length === 0) return null
  return (
    <section className="uploads" aria-label="Books on their way in">
      <ul>
        {items.map((item) => (
          <li key={item.id} className="upload" data-kind={item.state.kind}>
            <div className="upload-name">
              <strong>{item.name}</strong>
              <output className="figures">{stateWords(item.state)}</output>
            </div>
            {item.state.kind === 'sending' && (
              <progress max={1} value={item.state.share} aria-label={`Sending ${item.name}`} />
            )}
            {item.state.kind === 'refused' && <Trouble error={item.state.error} />}
            {item.state.kind === 'done' && (
              <div>
                <p>
                  <Link href={`/novels/${item.state.result.novel.id}`}>{item.state.result.novel.title}</Link>
                  {item.state.result.known && <span className="soft"> was on your shelf already.</span>}
                </p>
                <ImportReport report={item.state.result.novel.report} />
              </div>
            )}
            {(item.state.kind === 'done' || item.state.kind === 'refused') && (
              <button
                type="button"
                className="icon-button upload-dismiss"
                aria-label={`Put away the note about ${item.name}`}
                onClick={() => onDismiss(item.id)}
              >
                <X size={18} aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function stateWords(state: UploadState): string {
  if (state.kind === 'waiting') return 'Waiting for its turn'
  if (state.kind === 'refused') return 'Not taken in'
  if (state.kind === 'done') return counted(state.result.chapters.length, 'chapter')
  return state.share < 1 ? `Sending, ${Math.floor(state.share * 100)} %` : 'Being read…'
}
