import type { ComponentProps } from 'react'

interface PushButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'disabled'> {
  readonly type?: 'button' | 'submit'
  /** Under way, or of no use just now: a press does nothing. */
  readonly idle?: boolean
}

/** A button that keeps the focus while a press would do nothing; a disabled one loses it to the top of the page. */
export function PushButton({ type = 'button', idle = false, onClick, ...rest }: PushButtonProps) {
  return (
    <button
      // oxlint-disable-next-line react/button-has-type
      type={type}
      aria-disabled={idle || undefined}
      onClick={(event) => {
        if (idle) event.preventDefault()
        else onClick?.(event)
      }}
      {...rest}
    />
  )
}
