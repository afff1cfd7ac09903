import { z } from 'zod'
import { engineInfo } from '../../speech/worker/worker-protocol.ts'
import { nonEmptyLine } from './field-contract.ts'

// Request and response schemas of the API for speaker machines, read by both sides, and of the list of machines.

const sha256 = z.string().regex(/^[\da-f]{64}$/, 'not a SHA-256 in hex')
const count = z.number().int().min(0)

/** Seconds that a request for a lease may wait. */
export const longestWaitSeconds = 25

/** Fields that a newer machine sends besides are passed over: it is told of its version. */
export const machinePost = z.object({
  name: nonEmptyLine(100),
  slots: z.number().int().min(1).max(256),
  version: z.string().max(50),
  engines: z.array(engineInfo).max(50),
  platform: z.string().max(50),
  cores: z.number().int().min(1).max(65_536),
})
export const joinedMachine = z.object({
  success: z.literal(true),
  speaker: z.object({ id: z.uuid(), leaseSeconds: z.number(), renewSeconds: z.number() }),
})

export const speakerParams = z.object({ id: z.uuid() })
export const leaseParams = z.object({ lease: z.uuid() })
export const fileParams = z.object({ sha256 })

export const leasePost = z.strictObject({
  slot: z.number().int().min(0).max(255),
  wait: z.number().min(0).max(longestWaitSeconds).describe('seconds'),
})

const leasedModel = z.object({
  checksum: sha256,
  configChecksum: sha256.optional(),
  language: z.string(),
  bytes: count.describe('0: not known'),
})
const leasedTask = z.object({
  text: z.string().min(1),
  voice: z.string(),
  speed: z.number(),
  leadSeconds: z.number().optional(),
  pauseSeconds: z.number(),
  seed: z.string(),
  gain: z.number().optional(),
  pace: z.union([z.number(), z.literal('measure')]).optional(),
  model: leasedModel.optional(),
})
const leasedSegment = z.object({
  novelId: z.string(),
  chapterNumber: z.number().int(),
  index: z.number().int(),
})
const lease = z.object({ id: z.uuid(), segment: leasedSegment.optional(), task: leasedTask })

const machineState = z.enum(['active', 'draining', 'closing'])
export const leaseAnswer = z.object({
  success: z.literal(true),
  lease: lease.nullable(),
  state: machineState,
})
/** The clip is durable; `next` spares the machine a request while there is work. */
export const clipAnswer = z.object({ success: z.literal(true), next: lease.nullable() })

export const leaseFailure = z.strictObject({
  kind: z.enum(['failed', 'voice-unavailable', 'released']),
  reason: z.string().max(500),
})

export const heartbeatPost = z.strictObject({
  leases: z.array(z.uuid()).max(1000),
  realTimeFactor: z.number().min(0),
  spoken: count,
})
export const heartbeatAnswer = z.object({
  success: z.literal(true),
  lost: z.array(z.uuid()),
  state: machineState,
})

const machine = z.object({
  id: z.uuid(),
  server: z.string().describe('id of the server that it joined'),
  name: z.string(),
  version: z.string(),
  platform: z.string(),
  cores: z.number().int(),
  slots: z.number().int().describe('segments that it speaks at the same time'),
  state: z.enum(['active', 'draining', 'closing', 'away']).describe('`away`: it fell silent'),
  joinedAt: z.string(),
  seenAt: z.string(),
  realTimeFactor: z.number().describe('seconds of speech per second, lately'),
  spoken: count.describe('segments since it joined'),
  modelLoads: count.describe('models that its workers have loaded: few, if each keeps to its own'),
  leases: z
    .array(z.object({ id: z.uuid(), voice: z.string(), segment: leasedSegment.optional() }))
    .describe('what it speaks now'),
})
const server = z.object({
  id: z.string(),
  name: z.string().describe('host name'),
  version: z.string(),
  platform: z.string(),
  cores: z.number().int(),
  slots: z.number().int().describe('segments that its own speakers speak at the same time'),
  startedAt: z.string(),
  realTimeFactor: z.number().describe('seconds of speech per second of its own speakers, lately'),
  spoken: count.describe('segments of its own speakers since it started'),
  leases: z
    .array(z.object({ voice: z.string(), segment: leasedSegment.optional() }))
    .describe('what they speak now'),
})
export const machineList = z.object({
  success: z.literal(true),
  machines: z.array(machine),
  servers: z.array(server).describe('the servers on this database'),
})
export const oneMachine = z.object({ success: z.literal(true), machine })

export type Machine = z.infer<typeof machine>
export type Server = z.infer<typeof server>
export type Machines = Omit<z.infer<typeof machineList>, 'success'>
