import { plural } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import type { Server } from '../../src/http/contract/speaker-contract.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfCount } from '../element/ribbon-model.ts'
import { ago } from '../element/time-words.ts'
import { slotWords, speedWords } from './machine-words.ts'
import { SpeakingLine } from './speaking-line.tsx'

interface MachineLineProps {
  /** What servers and machines have in common. */
  readonly of: Pick<
    Server,
    'name' | 'version' | 'platform' | 'cores' | 'slots' | 'realTimeFactor' | 'spoken' | 'leases'
  >
  readonly state: string
  readonly words: string
  /** What its beginning is called, and when that was. */
  readonly since: readonly [name: string, at: string]
  readonly now: number
  readonly children?: ReactNode
}

/** One who speaks: how it does, a tick for each of its speakers, and what it has done. */
export function MachineLine({ of, state, words, since: [began, at], now, children }: MachineLineProps) {
  const { name, version, platform, cores, slots, realTimeFactor, spoken, leases } = of
  const marks = new Map(leases.map((_, index) => [index, 'speaking'] as const))
  return (
    <li className="machine" data-state={state}>
      <div className="machine-head">
        <h3>{name}</h3>
        <span className="figures">
          <Trans>
            {platform} · <Plural value={cores} one="# core" other="# cores" /> · Nightjar {version}
          </Trans>
        </span>
      </div>
      <p className="machine-state">{words}</p>
      {slots > 0 && (
        <>
          <div className="machine-slots">
            <span className="figures">{slotWords(leases.length, slots)}</span>
            <Ribbon ticks={ticksOfCount(slots, 0, marks)} height={12} slot={12} />
          </div>
          <SpeakingLine leases={leases} />
        </>
      )}
      <dl className="machine-figures">
        {slots > 0 && (
          <>
            <div>
              <dt>
                <Trans>Speed</Trans>
              </dt>
              <dd>{speedWords(realTimeFactor)}</dd>
            </div>
            <div>
              <dt>
                <Trans>Spoken</Trans>
              </dt>
              <dd>{plural(spoken, { one: '# sentence', other: '# sentences' })}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{began}</dt>
          <dd>
            <time dateTime={at}>{ago(Date.parse(at), now)}</time>
          </dd>
        </div>
      </dl>
      {children}
    </li>
  )
}
