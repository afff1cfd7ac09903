import { z } from 'zod'

/** Whether a value matches its schema exactly, without unknown fields or transforms. */
type ExactCheck = (value: unknown) => boolean

/**
 * Returns a function that serializes responses of a schema as JSON. Unknown fields are left out. The function throws an
 * `Error` for a response that does not match. Zod would validate and copy every response, which for 2,000 chapters takes
 * longer than the rest of the request, so a response that passes a fast exact check is serialized directly; only others
 * are parsed by zod.
 */
export function responseSerializer(schema: z.ZodType): (answer: unknown) => string {
  // Made by the first response: a server has hundreds of schemas and starts without most of them.
  let isExact: ExactCheck | undefined
  return (answer) => {
    isExact ??= checkOf(schema)
    if (isExact(answer)) return JSON.stringify(answer)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return JSON.stringify(parsed.data)
    throw new Error('a response does not match its schema', { cause: parsed.error })
  }
}

function checkOf(schema: z.ZodType): ExactCheck {
  if (schema instanceof z.ZodObject) return objectCheck(schema)
  if (schema instanceof z.ZodArray && !schema.def.checks) return arrayCheck(schema)
  if (schema instanceof z.ZodNullable) return nullableCheck(schema)
  if (isAnyString(schema)) return (value) => typeof value === 'string'
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean'
  if (schema instanceof z.ZodNumber) return numberCheck(schema)
  if (schema instanceof z.ZodEnum) return oneOf(Object.values(schema.def.entries))
  if (schema instanceof z.ZodLiteral) return oneOf(schema.def.values)
  if (schema instanceof z.ZodUnion) return unionCheck(schema)
  if (schema instanceof z.ZodRecord && isAnyString(schema.keyType)) return recordCheck(schema)
  // UUIDs and the like, which occur once per response.
  return (value) => {
    const parsed = schema.safeParse(value)
    return parsed.success && parsed.data === value
  }
}

function objectCheck(schema: z.ZodObject): ExactCheck {
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const optional = field instanceof z.ZodOptional
    return { name, optional, check: checkOf(optional ? (field.unwrap() as z.ZodType) : field) }
  })
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    let known = 0
    for (const { name, optional, check } of fields) {
      const part = (value as Readonly<Record<string, unknown>>)[name]
      if (part === undefined && optional) continue
      if (!check(part)) return false
      known++
    }
    for (const _ in value) known--
    return known === 0
  }
}

function arrayCheck(schema: z.ZodArray): ExactCheck {
  const check = checkOf(schema.element as z.ZodType)
  return (value) => Array.isArray(value) && value.every(check)
}

function isAnyString(schema: unknown): boolean {
  return schema instanceof z.ZodString && !schema.def.checks
}

/** Zod takes the first option that matches, without its unknown fields. */
function unionCheck(schema: z.ZodUnion): ExactCheck {
  const options = (schema.options as readonly z.ZodType[]).map((option) => ({
    option,
    check: checkOf(option),
  }))
  // The field that tells them apart has one value in each.
  if (schema instanceof z.ZodDiscriminatedUnion) return (value) => options.some(({ check }) => check(value))
  return (value) => {
    const first = options.find(({ option, check }) => check(value) || option.safeParse(value).success)
    return first !== undefined && first.check(value)
  }
}

function recordCheck(schema: z.ZodRecord): ExactCheck {
  const check = checkOf(schema.valueType as z.ZodType)
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    // Zod leaves that name out.
    !Object.hasOwn(value, '__proto__') &&
    Object.values(value).every(check)
}

function nullableCheck(schema: z.ZodNullable): ExactCheck {
  const check = checkOf(schema.unwrap() as z.ZodType)
  return (value) => value === null || check(value)
}

/** Zod's check definitions of `.int()`, `.min()` and `.max()`. */
const numberRules = z.array(
  z.union([
    z.object({ check: z.literal('number_format'), format: z.literal('safeint') }),
    z.object({ check: z.enum(['greater_than', 'less_than']), value: z.number(), inclusive: z.literal(true) }),
  ]),
)

function numberCheck(schema: z.ZodNumber): ExactCheck {
  const known = numberRules.safeParse(schema.def.checks?.map(({ _zod }) => _zod.def) ?? [])
  if (!known.success) return (value) => schema.safeParse(value).success
  const { minValue, maxValue } = schema
  const [min, max] = [minValue ?? -Infinity, maxValue ?? Infinity]
  const integer = known.data.some(({ check }) => check === 'number_format')
  return (value) => {
    if (typeof value !== 'number' || value < min || value > max) return false
    return integer ? Number.isSafeInteger(value) : Number.isFinite(value)
  }
}

function oneOf(values: readonly unknown[]): ExactCheck {
  const set = new Set(values)
  return (value) => set.has(value)
}
