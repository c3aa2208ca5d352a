// Removes build output so that a deleted source file cannot live on in dist/.
import { rmSync } from 'node:fs'

for (const path of process.argv.slice(2)) rmSync(path, { recursive: true, force: true })
