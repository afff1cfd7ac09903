import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { markHeard } from './heard-marks.ts'

interface MarkSelectedProps {
  readonly novelId: string
  readonly chapters: readonly ChapterListed[]
  readonly numbers: readonly number[]
}

/** Marks the ticked chapters as heard; as not heard, if all of them were. */
export function MarkSelected({ novelId, chapters, numbers }: MarkSelectedProps) {
  const client = useQueryClient()
  const ticked = new Set(numbers)
  const finished = chapters.every((each) => !ticked.has(each.number) || each.finished === true)
  const mark = useMutation({ mutationFn: () => markHeard(client, novelId, !finished, numbers) })
  return (
    <PushButton
      className="button"
      idle={mark.isPending}
      title={mark.isError ? mark.error.message : undefined}
      onClick={() => mark.mutate()}
    >
      {finished ? t`Mark as not heard` : t`Mark as heard`}
    </PushButton>
  )
}
