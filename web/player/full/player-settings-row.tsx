import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Minus, Plus } from 'lucide-react'
import { Label } from 'react-aria-components/Label'
import { Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components/Slider'
import { Switch } from 'react-aria-components/Switch'
import { fastest, rateStep, slowest } from '../player-settings.ts'
import { usePlayer, usePlayerState } from '../player-context.ts'
import '../../element/switch.css'

const steps = [5, 10, 15, 20, 30, 45, 60]

/** How this novel is heard; remembered by novel. */
export function PlayerSettingsRow() {
  const player = usePlayer()
  const settings = usePlayerState((state) => state.settings)
  const { rate, volume, stepSeconds, shortenSilences, keepAwake } = settings
  return (
    <div className="sheet-settings">
      <Slider
        className="sheet-slider"
        minValue={slowest}
        maxValue={fastest}
        step={rateStep}
        value={rate}
        onChange={(value) => player.setRate(value)}
      >
        <Label>
          <Trans>Speed</Trans>
        </Label>
        <SliderOutput className="figures">{`${rate.toFixed(2)} ×`}</SliderOutput>
        <div className="sheet-slider-row">
          <button
            type="button"
            className="icon-button"
            aria-label={t`Slower`}
            onClick={() => player.setRate(rate - rateStep)}
          >
            <Minus size={18} aria-hidden="true" />
          </button>
          <SliderTrack className="sheet-track">
            <SliderThumb className="sheet-thumb" />
          </SliderTrack>
          <button
            type="button"
            className="icon-button"
            aria-label={t`Faster`}
            onClick={() => player.setRate(rate + rateStep)}
          >
            <Plus size={18} aria-hidden="true" />
          </button>
        </div>
      </Slider>
      <Slider
        className="sheet-slider"
        minValue={0}
        maxValue={1}
        step={0.05}
        value={volume}
        formatOptions={{ style: 'percent' }}
        onChange={(value) => player.change({ volume: value })}
      >
        <Label>
          <Trans>Volume</Trans>
        </Label>
        <SliderOutput className="figures" />
        <SliderTrack className="sheet-track">
          <SliderThumb className="sheet-thumb" />
        </SliderTrack>
      </Slider>
      <Toggle on={shortenSilences} onChange={(on) => player.change({ shortenSilences: on })}>
        <Trans>Shorten silences</Trans>
      </Toggle>
      <Toggle on={keepAwake} onChange={(on) => player.change({ keepAwake: on })}>
        <Trans>Keep the screen on while reading along</Trans>
      </Toggle>
      <label className="sheet-step">
        <span>
          <Trans>A step back or on</Trans>
        </span>
        <select
          value={stepSeconds}
          onChange={(event) => player.change({ stepSeconds: Number(event.target.value) })}
        >
          {[...new Set([...steps, stepSeconds])]
            .toSorted((one, other) => one - other)
            .map((seconds) => (
              <option key={seconds} value={seconds}>{t`${seconds} s`}</option>
            ))}
        </select>
      </label>
    </div>
  )
}

interface ToggleProps {
  readonly on: boolean
  readonly onChange: (on: boolean) => void
  readonly children: React.ReactNode
}

function Toggle({ on, onChange, children }: ToggleProps) {
  return (
    <Switch className="sheet-switch" isSelected={on} onChange={onChange}>
      <span className="sheet-switch-words">{children}</span>
      <span className="switch-track" aria-hidden="true" />
    </Switch>
  )
}
