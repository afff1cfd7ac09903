import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Moon } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { clock } from '../../element/time-words.ts'
import { allowShakes } from '../page-signs.ts'
import { usePlayer, usePlayerState } from '../player-context.ts'
import type { SleepWish } from '../sleep-timer.ts'

const minutes = [5, 10, 15, 20, 30, 45, 60, 90]
/** A day. */
const most = 24 * 60

/** The sleep timer: when it falls silent. */
export function SleepMenu() {
  const player = usePlayer()
  const wish = usePlayerState((state) => state.sleep.wish)
  const dozing = usePlayerState((state) => state.sleep.dozing)
  const left = usePlayerState(({ sleep }) => (sleep.left === undefined ? undefined : Math.ceil(sleep.left)))
  const [typing, setTyping] = useState(false)
  const choices: readonly {
    readonly id: string
    readonly wish: SleepWish | undefined
    readonly words: string
  }[] = [
    { id: 'off', wish: undefined, words: t`No sleep timer` },
    ...minutes.map((each) => ({ id: String(each), wish: each, words: t`${each} minutes` })),
    { id: 'typed', wish: undefined, words: t`Other minutes…` },
    { id: 'chapter', wish: 'chapter' as const, words: t`At the end of the chapter` },
    { id: 'next-chapter', wish: 'next-chapter' as const, words: t`At the end of the next chapter` },
  ]
  const own = typeof wish === 'number' && !minutes.includes(wish)
  const chosen = own ? choices.find(({ id }) => id === 'typed') : choices.find((each) => each.wish === wish)
  const remaining = left === undefined ? (chosen?.words ?? '') : clock(left)
  function begin(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const typed = Number(new FormData(event.currentTarget).get('minutes'))
    if (!(typed >= 1 && typed <= most)) return
    allowShakes()
    player.sleepAfter(typed)
    setTyping(false)
  }
  return (
    <div className="sheet-sleep">
      <MenuTrigger>
        <Button className="button">
          <Moon size={18} aria-hidden="true" />
          <span>{wish === undefined ? t`Sleep timer` : t`Sleep timer: ${remaining}`}</span>
        </Button>
        <Popover className="sleep-popover" placement="top">
          <Menu
            className="sleep-menu"
            aria-label={t`Sleep timer`}
            selectionMode="single"
            selectedKeys={[chosen?.id ?? 'off']}
            onAction={(key) => {
              allowShakes()
              setTyping(key === 'typed')
              if (key !== 'typed') player.sleepAfter(choices.find(({ id }) => id === key)?.wish)
            }}
          >
            {choices.map(({ id, words }) => (
              <MenuItem key={id} id={id} className="sleep-choice" textValue={words}>
                {words}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      {typing && (
        <form className="sleep-form" onSubmit={begin}>
          <label>
            <Trans>Minutes</Trans>
            <input
              type="number"
              name="minutes"
              inputMode="numeric"
              required
              min={1}
              max={most}
              step={1}
              defaultValue={own ? wish : 25}
              ref={focusAll}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                event.stopPropagation()
                setTyping(false)
              }}
            />
          </label>
          <button type="submit" className="button">
            <Trans>Start</Trans>
          </button>
        </form>
      )}
      {dozing && <p className="soft">{t`Asleep? Any key, or a shake, goes on.`}</p>}
    </div>
  )
}

/** The menu, as it closes, gives the focus back to its button; the form has it after that. */
function focusAll(input: HTMLInputElement | null): void {
  requestAnimationFrame(() => requestAnimationFrame(() => input?.select()))
}
