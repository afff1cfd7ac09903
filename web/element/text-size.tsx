import { Trans } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { recall, remember } from './stored.ts'
import './text-size.css'

const sizes = ['small', 'medium', 'large', 'largest'] as const
export type TextSize = (typeof sizes)[number]

/** The size in which this browser sets the book's text. */
export function useTextSize() {
  const [size, setSize] = useState<TextSize>(() => {
    const stored = recall('text-size') as TextSize | undefined
    return stored && sizes.includes(stored) ? stored : 'medium'
  })
  useEffect(() => remember('text-size', size), [size])
  return [size, setSize] as const
}

interface TextSizeChoiceProps {
  readonly size: TextSize
  readonly onSize: (size: TextSize) => void
}

export function TextSizeChoice({ size, onSize }: TextSizeChoiceProps) {
  return (
    <fieldset className="text-size">
      <legend className="unseen">
        <Trans>Size of the text</Trans>
      </legend>
      {sizes.map((each) => (
        <label key={each} data-size={each}>
          <input
            type="radio"
            name="text-size"
            className="unseen"
            checked={size === each}
            onChange={() => onSize(each)}
          />
          <span aria-hidden="true">A</span>
          <span className="unseen">{each}</span>
        </label>
      ))}
    </fieldset>
  )
}
