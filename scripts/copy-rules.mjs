// Puts the proxy's rule files beside its compiled code: the compiler leaves out what it does not compile.
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const FROM = 'src/servers/proxy/rules'
const TO = 'dist/servers/proxy/rules'

for (const file of readdirSync(FROM)) {
  if (file.endsWith('.yaml')) cpSync(join(FROM, file), join(TO, file))
}
