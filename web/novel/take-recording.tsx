import { formWords } from './form-words.ts'
import { t } from '@lingui/core/macro'
import { type MouseEvent, useRef } from 'react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { ExportForm } from '../../src/http/contract/export-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { saidWords } from '../i18n/said-words.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfCount } from '../element/ribbon-model.ts'
import { useRegainedFocus } from '../element/use-regained-focus.ts'
import { DownloadLink, Size, TakeForm } from './take-form.tsx'
import { Told } from '../element/told.tsx'
import { useRecording } from './take-queries.ts'

interface TakeRecordingProps {
  readonly form: ExportForm
  readonly novel: Novel
  readonly content: string
}

/** A form that is made when somebody asks for it: a button first, then its progress, at last a link. */
export function TakeRecording({ form, novel, content }: TakeRecordingProps) {
  const { data, error, isFetching, refetch } = useRecording(form.address, novel, content)
  const made = data?.made
  const there = made?.there === true && data?.content === content
  const onTheWay = !error && !there && (isFetching || made !== undefined)
  const percent = Math.floor(made?.there === false ? made.export.percent : 0)
  const waiting = made?.there === false ? made.export : null
  const link = useRef<HTMLAnchorElement>(null)
  const make = useRef<HTMLButtonElement>(null)
  useRegainedFocus(link, there)
  useRegainedFocus(make, onTheWay)
  const press = useRef<'' | 'looks' | 'saves'>('')
  /** It may have gone meanwhile to make room for others: then it is made again, and nothing is saved in its place. */
  const save = async (event: MouseEvent): Promise<void> => {
    if (press.current === 'saves') return
    event.preventDefault()
    if (press.current === 'looks') return
    press.current = 'looks'
    const { data: found, isSuccess } = await refetch()
    press.current = 'saves'
    if (isSuccess && found.made.there) link.current?.click()
    press.current = ''
  }
  const { title } = formWords(form)
  return (
    <TakeForm
      form={form}
      size={there ? <Size bytes={made.bytes ?? form.bytes} /> : <Size bytes={form.bytes} about />}
      below={
        <>
          {onTheWay && (
            <Ribbon
              ticks={ticksOfCount(100, percent)}
              height={8}
              slot={Infinity}
              label={t`${title}: ${percent} % made`}
            />
          )}
          <Told
            className="figures"
            words={onTheWay && waiting?.waiting && saidWords(waiting.waiting, waiting.waitingSaid)}
          />
          {error && <Trouble error={error} />}
        </>
      }
    >
      {there ? (
        <DownloadLink address={form.address} title={title} ref={link} onClick={(event) => void save(event)} />
      ) : (
        <PushButton
          className="button small take-make"
          ref={make}
          idle={onTheWay}
          onClick={() => void refetch()}
        >
          {onTheWay ? t`Making it, ${percent} %` : error ? t`Try again` : t`Make it`}
          <span className="unseen">: {title}</span>
        </PushButton>
      )}
    </TakeForm>
  )
}
