import { clipStatistics } from '../database/clips.ts'
import type { Studio } from '../generation/studio.ts'
import { freeBytes } from '../library/disk.ts'
import { failure } from './contract.ts'
import type { Door } from './door.ts'
import { health } from './health-contract.ts'

export function healthRoutes(app: Door, studio: Studio, version: string): void {
  app.get(
    '/api/health',
    {
      schema: {
        tags: ['health'],
        summary: 'Version, database, speakers, disk',
        response: { 200: health, '5xx': failure },
      },
    },
    async () => {
      const { pool, room, folder, db, recorder, recordings } = studio
      return {
        success: true as const,
        version,
        database: { ok: true, ...(await clipStatistics(db)) },
        speakers: {
          wanted: pool.size,
          alive: pool.alive,
          busy: pool.busy,
          state: pool.state.state,
          reason: pool.state.reason ?? null,
          modelLoads: pool.modelLoads,
          modelLoadsLastHour: pool.modelLoadsLastHour,
        },
        disk: { freeBytes: await freeBytes(folder), full: room.full },
        recordings: {
          ...(await recorder.figures()),
          limitBytes: recordings.limit,
          realTimeFactor: recorder.realTimeFactor() ?? null,
        },
        uptimeSeconds: Math.round(process.uptime()),
      }
    },
  )
}
