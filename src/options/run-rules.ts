import { UsageError } from '../model/usage-error.ts'
import type { RunOptions } from './run-options.ts'

/** The rules between options. Throws UsageError on the first that is broken. */
export function checkRunRules(options: RunOptions): void {
  checkTargets(options)
  if (options.model === undefined || options.model === '') {
    throw new UsageError(
      '--model is missing; give the model name as the endpoint knows it, such as --model gpt-4o-mini',
    )
  }
  if (options.datasetFile !== undefined && options.datasetSuite !== undefined) {
    throw new UsageError(
      `--dataset-file ${JSON.stringify(options.datasetFile)} and --dataset-suite ${options.datasetSuite} exclude each other; keep one`,
    )
  }
  const https = [options.url, options.directUrl, options.proxyUrl].find((url) =>
    url?.startsWith('https:'),
  )
  if (options.client === 'lean' && (https !== undefined || options.useEnvProxy)) {
    throw new UsageError(
      `--client lean speaks plain http only, not ${https ?? 'through --use-env-proxy'}; leave --client out`,
    )
  }
}

function checkTargets({ url, directUrl, proxyUrl }: RunOptions): void {
  if (url !== undefined) {
    const other = directUrl === undefined ? ['--proxy-url', proxyUrl] : ['--direct-url', directUrl]
    if (other[1] !== undefined) {
      throw new UsageError(
        `--url ${url} and ${other[0]} ${other[1]} exclude each other; use --url alone for one endpoint, or --direct-url with --proxy-url to compare two`,
      )
    }
    return
  }
  if (directUrl !== undefined && proxyUrl === undefined) {
    throw new UsageError(
      `--direct-url ${directUrl} needs --proxy-url too; for one endpoint use --url ${directUrl}`,
    )
  }
  if (proxyUrl !== undefined && directUrl === undefined) {
    throw new UsageError(
      `--proxy-url ${proxyUrl} needs --direct-url too; for one endpoint use --url ${proxyUrl}`,
    )
  }
  if (directUrl === undefined) {
    throw new UsageError(
      'no endpoint is given; use --url for one, or --direct-url with --proxy-url to compare two (llmtrace-bench demo needs none)',
    )
  }
}
