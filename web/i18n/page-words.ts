import { fileURLToPath } from 'node:url'
import { transformAsync } from '@babel/core'
import { getConfig } from '@lingui/conf'
import { lingui } from '@lingui/vite-plugin'
import type { PluginOption } from 'vite'

const configPath = fileURLToPath(new URL('../lingui.config.ts', import.meta.url))
const linguiConfig = getConfig({ configPath })

/**
 * The words of the page, for the build and for tests: macros are expanded and catalogues compiled. The macros by Babel, since
 * the transform of Lingui's plugin is a binary that npm leaves out under Node 20, although another Node runs it.
 */
export function words(options: { readonly strict: boolean }): PluginOption {
  const { strict } = options
  return [
    {
      name: 'word-macros',
      enforce: 'pre',
      transform: {
        filter: { id: /\.tsx?$/, code: /from '@lingui\/(?:core|react)\/macro'/ },
        async handler(code, id) {
          const result = await transformAsync(code, {
            filename: id,
            babelrc: false,
            configFile: false,
            // Types stay, for the next in line to strip.
            parserOpts: { plugins: id.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
            plugins: [['@lingui/babel-plugin-lingui-macro', { linguiConfig }]],
            sourceMaps: true,
          })
          if (typeof result?.code !== 'string') return undefined
          return { code: result.code, map: result.map ? JSON.stringify(result.map) : null }
        },
      },
    },
    lingui({ configPath, failOnMissing: strict, failOnCompileError: strict }),
  ]
}
