import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, CheckCheck } from 'lucide-react'
import { markHeard } from './heard-marks.ts'

interface MarkButtonProps {
  readonly novelId: string
  /** Chapters by their numbers. */
  readonly numbers: readonly number[]
  /** Whether all of it was heard. */
  readonly finished: boolean
  /** What it is called: `chapter 3`, the title of a part. */
  readonly name: string
  readonly className?: string
}

/** Marks a chapter or a part as heard; as not heard, if it was. */
export function MarkButton({ novelId, numbers, finished, name, className }: MarkButtonProps) {
  const client = useQueryClient()
  const mark = useMutation({ mutationFn: () => markHeard(client, novelId, !finished, numbers) })
  const words = finished ? t`Mark as not heard` : t`Mark as heard`
  const Sign = finished ? CheckCheck : Check
  return (
    <button
      type="button"
      className={className ? `icon-button ${className}` : 'icon-button'}
      aria-label={`${words}: ${name}`}
      title={mark.isError ? mark.error.message : words}
      onClick={() => mark.mutate()}
    >
      <Sign size={18} aria-hidden="true" />
    </button>
  )
}
