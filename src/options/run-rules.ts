import { UsageError } from '../model/usage-error.ts'
import { slo as sloKind } from './measurement-kinds.ts'
import { namedEndpoints } from './named-endpoints.ts'
import { checkProbeRules } from './probe-rules.ts'
import type { RunOptions } from './run-options.ts'
import { cancelAfter as cancelAfterKind, countSpec } from './stream-kinds.ts'

/** The rules between options. Throws UsageError on the first that is broken. */
export function checkRunRules(options: RunOptions): void {
  checkTargets(options)
  if (!options.chain && (options.model === undefined || options.model === '')) {
    throw new UsageError(
      '--model is missing; give the model name as the endpoint knows it, such as --model gpt-4o-mini',
    )
  }
  if (options.datasetFile !== undefined && options.datasetSuite !== undefined) {
    throw new UsageError(
      `--dataset-file ${JSON.stringify(options.datasetFile)} and --dataset-suite ${options.datasetSuite} exclude each other; keep one`,
    )
  }
  const https = namedEndpoints(options).find(({ url }) => url.startsWith('https:'))?.url
  if (options.client === 'lean' && (https !== undefined || options.useEnvProxy)) {
    throw new UsageError(
      `--client lean speaks plain http only, not ${https ?? 'through --use-env-proxy'}; leave --client out`,
    )
  }
  checkNames(options)
  checkLoad(options)
  checkComparison(options)
  checkCapacity(options)
  checkProbeRules(options)
  checkStreams(options)
  checkShapes(options)
  checkExport(options)
}

function checkTargets({ chain, url, directUrl, proxyUrl, endpoint }: RunOptions): void {
  if (chain) {
    const given = url ?? directUrl ?? proxyUrl ?? endpoint[0]?.value
    if (given === undefined) return
    throw new UsageError(
      `--chain starts the endpoints that it measures; leave ${given} out, or --chain`,
    )
  }
  if (url !== undefined) {
    const other = directUrl === undefined ? ['--proxy-url', proxyUrl] : ['--direct-url', directUrl]
    if (other[1] !== undefined) {
      throw new UsageError(
        `--url ${url} and ${other[0]} ${other[1]} exclude each other; use --url alone for one endpoint, or --direct-url with --proxy-url to compare two`,
      )
    }
    return
  }
  // A named endpoint is a partner too.
  if (endpoint.length > 0) return
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

function checkCapacity({
  findCapacity,
  slo,
  rateList,
  concurrencyList,
  runFile,
}: RunOptions): void {
  if (!findCapacity) return
  if (slo === undefined) {
    throw new UsageError('--find-capacity needs an SLO to keep; add one, such as --slo e2e=2s')
  }
  const other =
    (rateList && `--rate-list ${rateList.join(',')}`) ??
    (concurrencyList && `--concurrency-list ${concurrencyList.join(',')}`) ??
    (runFile && `--run-file ${runFile}`)
  if (other !== undefined) {
    throw new UsageError(
      `--find-capacity chooses the rates itself and keeps only its trials; leave ${other} out`,
    )
  }
}

function checkShapes({ inputTokens, datasetFile, datasetSuite, mode }: RunOptions): void {
  if (inputTokens === undefined) return
  const other =
    (datasetFile && `--dataset-file ${datasetFile}`) ??
    (datasetSuite && `--dataset-suite ${datasetSuite}`) ??
    (mode === 'probe' ? '--mode probe' : undefined)
  if (other === undefined) return
  throw new UsageError(
    `--input-tokens ${countSpec.print(inputTokens)} makes up the prompts, which ${other} brings along; keep one`,
  )
}

function checkStreams(options: RunOptions): void {
  const { stream, cancelAfter, slo, mode, findCapacity, upstreamLog } = options
  if (upstreamLog !== undefined && cancelAfter === undefined && mode === 'load') {
    throw new UsageError(
      `--upstream-log ${upstreamLog} tells what reached the model; add --mode probe, or --stream --cancel-after, such as --cancel-after 3chunks`,
    )
  }
  if (!stream && (slo?.ttftMs !== undefined || slo?.tpotMs !== undefined)) {
    throw new UsageError(
      `--slo ${sloKind.print(slo)} is about streams, and there are none; add --stream`,
    )
  }
  if (cancelAfter === undefined) return
  const given = `--cancel-after ${cancelAfterKind.print(cancelAfter)}`
  if (!stream) throw new UsageError(`${given} ends streams, and there are none; add --stream`)
  if (mode === 'probe' || findCapacity) {
    const other = findCapacity ? '--find-capacity' : '--mode probe'
    throw new UsageError(`${given} leaves no whole answer for ${other} to judge; leave it out`)
  }
}

/** Only a load run has results to send, and requests that are counted by sequence. */
function checkExport(options: RunOptions): void {
  const { otlp, pushPrometheus, traceparent, mode, findCapacity, header } = options
  const given =
    (otlp && `--otlp ${otlp}`) ??
    (pushPrometheus && `--push-prometheus ${pushPrometheus}`) ??
    (traceparent ? '--traceparent' : undefined)
  if (given === undefined) return
  if (mode === 'probe' || findCapacity) {
    const other = mode === 'probe' ? '--mode probe' : '--find-capacity'
    throw new UsageError(`${given} is for load runs, not for ${other}; leave one of them out`)
  }
  // A header for one endpoint holds its own name in its value.
  const own = header.some(([name, value]) =>
    /^traceparent(?:\s*[:=]|$)/im.test(`${name}\n${value}`),
  )
  if (traceparent && own) {
    throw new UsageError('--traceparent and --header traceparent exclude each other; keep one')
  }
}

function checkNames(options: RunOptions): void {
  const names = namedEndpoints(options).map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new UsageError(
      `--endpoint ${twice}=... names ${twice} a second time; choose another name`,
    )
  }
  const { baseline, endpointToken } = options
  if (baseline !== undefined && !names.includes(baseline)) {
    throw new UsageError(
      `--baseline ${baseline} is no endpoint of this run; choose one of ${names.join(', ')}`,
    )
  }
  const stranger = endpointToken.find(({ name }) => !names.includes(name))
  if (stranger !== undefined) {
    throw new UsageError(
      `--endpoint-token ${stranger.name}=... is for no endpoint of this run; choose one of ${names.join(', ')}`,
    )
  }
}

function checkLoad({ rate, rateList, concurrencyList, order, jitterMs }: RunOptions): void {
  if (rate !== undefined && rateList !== undefined) {
    throw new UsageError(
      `--rate ${rate} and --rate-list ${rateList.join(',')} exclude each other; keep one`,
    )
  }
  const given =
    rate === undefined ? rateList && `--rate-list ${rateList.join(',')}` : `--rate ${rate}`
  if (given === undefined) return
  if (concurrencyList !== undefined) {
    throw new UsageError(
      `${given} and --concurrency-list ${concurrencyList.join(',')} exclude each other: a rate does not wait for answers; keep one`,
    )
  }
  if (order === 'paired' || order === 'concurrent') {
    throw new UsageError(
      `--order ${order} shares out a concurrency, which ${given} has none of; use --order rounds or sequential`,
    )
  }
  if (jitterMs > 0) {
    throw new UsageError(
      `--jitter-ms ${jitterMs} spreads a closed loop; with ${given} use --arrival poisson instead`,
    )
  }
}

function checkComparison(options: RunOptions): void {
  const { order, rounds, requests, noiseFloor, untilHalfWidth, maxOverhead } = options
  const count = namedEndpoints(options).length
  const flags = [
    ...(noiseFloor ? ['--noise-floor'] : []),
    ...(untilHalfWidth === undefined ? [] : [`--until-half-width ${untilHalfWidth}ms`]),
    ...(maxOverhead.length === 0 ? [] : ['--max-overhead']),
    ...(rounds === undefined ? [] : [`--rounds ${rounds}`]),
  ]
  const [first] = flags
  if (first !== undefined && count < 2) {
    throw new UsageError(
      `${first} compares endpoints, and there is one; give --direct-url with --proxy-url`,
    )
  }
  if (first !== undefined && order === 'sequential') {
    throw new UsageError(
      `${first} needs rounds, which --order sequential has not; leave --order out`,
    )
  }
  if (rounds !== undefined && rounds > requests) {
    throw new UsageError(
      `--rounds ${rounds} is more than --requests ${requests}: each round needs a request; raise --requests`,
    )
  }
  const levels = options.concurrencyList ?? [options.concurrency]
  const arms = count + (noiseFloor ? 1 : 0)
  const low = levels.find((concurrency) => concurrency < arms)
  if (order === 'concurrent' && count > 1 && low !== undefined) {
    throw new UsageError(
      `--order concurrent shares out the concurrency, and ${low} is less than one for each of ${arms} endpoints; raise --concurrency`,
    )
  }
}
