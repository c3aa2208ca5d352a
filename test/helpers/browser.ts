import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { requires } from './requirement.ts'

const CHROMIUM = '/usr/bin/chromium'

/** Nothing of a browser's own may ask the network. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]

export function hasChromium(): boolean {
  return requires('Chromium', existsSync(CHROMIUM), 'apt-get install chromium')
}

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
}
