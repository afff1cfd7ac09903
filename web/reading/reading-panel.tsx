import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components/Slider'
import { Switch } from 'react-aria-components/Switch'
import { type AllSettings, settingDefaults } from '../listener/setting-defaults.ts'
import { useListenerSettings } from '../listener/use-settings.ts'
import '../element/switch.css'
import './reading-panel.css'

type Reading = AllSettings['reading']

const asAtFirst = Object.fromEntries(Object.keys(settingDefaults.reading).map((name) => [name, null]))

/** Typeface, measures and colours of the text, kept with the listener. */
export function ReadingPanel() {
  const [{ reading }, change] = useListenerSettings()
  const set = (of: Partial<Reading>): void => change({ reading: of })
  return (
    <div className="reading-panel">
      <Choice
        label={t`Typeface`}
        value={reading.typeface}
        onChange={(typeface) => set({ typeface })}
        options={[
          ['serif', t`Serif`],
          ['sans', t`Sans`],
          ['legible', t`Legible`],
        ]}
      />
      <Choice
        label={t`Colours`}
        value={reading.theme}
        onChange={(theme) => set({ theme })}
        options={[
          ['system', t`As the system`],
          ['light', t`Light`],
          ['sepia', t`Sepia`],
          ['dark', t`Dark`],
        ]}
      />
      <Measure
        label={t`Size of the letters`}
        range={[12, 36, 1]}
        value={reading.size}
        onChange={(size) => set({ size })}
      />
      <Measure
        label={t`Length of the lines`}
        range={[36, 96, 2]}
        value={reading.measure}
        onChange={(measure) => set({ measure })}
      />
      <Measure
        label={t`Distance of the lines`}
        range={[1.2, 2.4, 0.05]}
        value={reading.lineHeight}
        onChange={(lineHeight) => set({ lineHeight })}
      />
      <Measure
        label={t`Margins`}
        range={[0, 80, 4]}
        value={reading.margins}
        onChange={(margins) => set({ margins })}
      />
      <Switch
        className="reading-switch"
        isSelected={reading.justified}
        onChange={(justified) => set({ justified })}
      >
        <span className="switch-track" aria-hidden="true" />
        <Trans>Justified, with hyphens</Trans>
      </Switch>
      <button type="button" className="button small" onClick={() => change({ reading: asAtFirst })}>
        <Trans>As it was at first</Trans>
      </button>
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly options: readonly (readonly [value: Value, words: string])[]
}

function Choice<Value extends string>({ label, value, onChange, options }: ChoiceProps<Value>) {
  return (
    <RadioGroup
      className="reading-choice"
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
      orientation="horizontal"
    >
      <Label>{label}</Label>
      <div className="reading-options">
        {options.map(([each, words]) => (
          <Radio key={each} value={each} className="reading-option" data-look={each}>
            {words}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

interface MeasureProps {
  readonly label: string
  readonly range: readonly [least: number, most: number, step: number]
  readonly value: number
  readonly onChange: (value: number) => void
}

function Measure({ label, range: [least, most, step], value, onChange }: MeasureProps) {
  // Keys may come faster than the settings tell that they changed.
  const [shown, setShown] = useState(value)
  const [known, setKnown] = useState(value)
  if (value !== known) {
    setKnown(value)
    setShown(value)
  }
  return (
    <Slider
      className="reading-measure"
      minValue={least}
      maxValue={most}
      step={step}
      value={shown}
      onChange={(to) => {
        const rounded = Math.round(to * 100) / 100
        setShown(rounded)
        onChange(rounded)
      }}
    >
      <Label>{label}</Label>
      <SliderOutput className="figures" />
      <SliderTrack className="reading-track">
        <SliderThumb className="reading-thumb" />
      </SliderTrack>
    </Slider>
  )
}
