import type { MachineView, SegmentLease } from '../scheduler/segment-scheduler.ts'
import type { MachineLease } from './machine-leases.ts'
import type { SpeakerMachine } from './speaker-machine.ts'

/** A lease as its machine gets it: paths of this server's files stay here. `modelBytes`: a network's size by checksum. */
export function leaseView(
  { id, work: { task, delivery } }: MachineLease,
  modelBytes: (checksum: string) => number,
): SegmentLease {
  const { text, voice, speed, leadSeconds, pauseSeconds, seed, gain, pace, model } = task
  return {
    id,
    ...(delivery.segment && { segment: delivery.segment }),
    task: {
      text,
      voice,
      speed,
      ...(leadSeconds !== undefined && { leadSeconds }),
      pauseSeconds,
      seed,
      ...(gain !== undefined && { gain }),
      ...(pace !== undefined && { pace }),
      ...(model && {
        model: {
          checksum: model.checksum,
          ...(model.configChecksum !== undefined && { configChecksum: model.configChecksum }),
          language: model.language,
          bytes: modelBytes(model.checksum),
        },
      }),
    },
  }
}

/** A machine as people see it, with what it speaks now. */
export function machineView(
  { id, introduction, joinedAt, seenAt, realTimeFactor, spoken, modelLoads }: SpeakerMachine,
  state: MachineView['state'],
  held: readonly MachineLease[],
): MachineView {
  const { name, version, platform, cores, slots } = introduction
  return {
    id,
    name,
    version,
    platform,
    cores,
    slots,
    state,
    joinedAt: new Date(joinedAt).toISOString(),
    seenAt: new Date(seenAt).toISOString(),
    realTimeFactor,
    spoken,
    modelLoads,
    leases: held.map(({ id: lease, work: { task, delivery } }) => ({
      id: lease,
      voice: task.voice,
      ...(delivery.segment && { segment: delivery.segment }),
    })),
  }
}
