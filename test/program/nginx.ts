import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'
import { waitUntil } from './wait-until.ts'

export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** An nginx process with its own prefix folder. `directives`: of its `http` context, with a server at `port`. */
export async function startNginx(port: number, directives: string) {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  const config = join(folder, 'nginx.conf')
  await writeFile(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${temporary} ${directives} }
`,
  )
  const child: ChildProcess = spawn('nginx', ['-p', folder, '-c', config], { stdio: 'ignore' })
  const gone = new Promise((resolve) => {
    child.once('exit', resolve)
  })
  stack.defer(async () => {
    child.kill('SIGTERM')
    await gone
  })
  const address = `http://localhost:${port}`
  await waitUntil(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    await answer?.arrayBuffer()
    return answer !== undefined
  })
  const opened = stack.move()
  return { address, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
