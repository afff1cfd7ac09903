import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { OpenDialog } from '../../element/open-dialog.tsx'
import { singleKeys } from '../single-keys.ts'
import './player-help.css'

/** What the keyboard does while something plays. */
export function PlayerHelp({ onClose }: { readonly onClose: () => void }) {
  const [on, setOn] = useState(singleKeys.allowed)
  const keys: readonly (readonly [keys: string, meaning: string])[] = [
    [t`Space · K`, t`Play or pause`],
    ['← · →', t`A step back or on`],
    [', · .', t`The sentence before, the next sentence`],
    ['P · N', t`The chapter before, the next chapter`],
    ['[ · ]', t`Slower, faster`],
    ['− · +', t`Softer, louder`],
    ['M', t`Mute`],
    ['B', t`A bookmark at the sentence`],
    ['W', t`The next word of the sentence, to be heard or said differently`],
    ['/', t`Search in the book`],
    ['F', t`The full player`],
    ['?', t`These keys`],
  ]
  return (
    <OpenDialog
      title={
        <>
          <Trans>Keys while listening</Trans>
        </>
      }
      onClose={onClose}
    >
      <dl className="player-keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label className="player-keys-on">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            singleKeys.allow(event.target.checked)
            setOn(event.target.checked)
          }}
        />
        {t`Letters and signs alone do something`}
      </label>
    </OpenDialog>
  )
}
