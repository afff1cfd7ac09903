import { t } from '@lingui/core/macro'
import { Check, Copy } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { Announced, Told } from './told.tsx'
import './copy-field.css'

/** How long it is said that something was copied. */
const saidFor = 4000

/** An address to be taken along by hand or by a press. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const [said, setSaid] = useState<'' | 'copied' | 'selected'>('')
  useEffect(() => {
    if (said === '') return undefined
    const timer = setTimeout(() => setSaid(''), saidFor)
    return () => clearTimeout(timer)
  }, [said])

  async function copy(): Promise<void> {
    const copied = await copyText(value, field.current)
    setSaid(copied ? 'copied' : 'selected')
  }

  return (
    <div className="copy-field">
      <label htmlFor={id}>{label}</label>
      <div className="copy-line">
        <input
          id={id}
          ref={field}
          type="text"
          readOnly
          spellCheck={false}
          value={value}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="button small" onClick={() => void copy()}>
          {said === 'copied' ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          {said === 'copied' ? t`Copied` : t`Copy`}
          <span className="unseen"> {label}</span>
        </button>
      </div>
      <Announced words={said === 'copied' && t`Copied`} />
      <Told
        className="figures"
        words={said === 'selected' && t`Selected; copy it with your keyboard or menu`}
      />
    </div>
  )
}

/**
 * Browsers keep the clipboard to secure addresses, and in a house Nightjar often has none: there the field is selected
 * and copied in the old way, or left selected.
 */
async function copyText(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    field?.select()
    // oxlint-disable-next-line typescript/no-deprecated
    return document.execCommand('copy')
  }
}
