import { fork } from 'node:child_process'
import type { Logger } from 'pino'
import type { ExecutionProvider } from '../onnx/execution-provider.ts'

/** A driver loads and compiles what it needs in less than this. */
const trialTimeoutMs = 60_000

/**
 * The provider that large networks are run on: the wanted one if it can be used on this machine, else the CPU, which is
 * logged. It is tried in a process of its own, since a driver may crash.
 */
export async function chooseProvider(
  wanted: ExecutionProvider,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<ExecutionProvider> {
  if (wanted === 'cpu') return wanted
  const fault = await faultOf(wanted)
  if (fault === undefined) {
    log.info({ provider: wanted }, 'large voices are run on this provider')
    return wanted
  }
  log.warn(
    { provider: wanted, reason: fault },
    `NIGHTJAR_PROVIDER=${wanted} cannot be used on this machine, so large voices are run on the CPU`,
  )
  return 'cpu'
}

/** Why a provider cannot be used; `undefined` if it can. */
function faultOf(provider: ExecutionProvider): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const child = fork(new URL('./provider-trial.ts', import.meta.url), [provider], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const timer = setTimeout(() => resolve('it does not answer'), trialTimeoutMs)
  child.once('message', (answer) => resolve((answer as { fault: string | null }).fault ?? undefined))
  child.once('error', (error) => resolve(error.message))
  child.once('exit', (code, signal) => resolve(`it ends the process (${signal ?? `exit code ${code}`})`))
  return promise.finally(() => {
    clearTimeout(timer)
    child.kill('SIGKILL')
  })
}
