import { type ComponentProps, type ReactNode, useId } from 'react'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: ReactNode
  /** What is asked of it, below it. */
  readonly hint?: ReactNode
}

/** A line to fill in, with its name above it. */
export function Field({ label, hint, type = 'text', ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className="account-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type={type} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
      {hint && (
        <p id={`${id}-hint`} className="figures">
          {hint}
        </p>
      )}
    </div>
  )
}
