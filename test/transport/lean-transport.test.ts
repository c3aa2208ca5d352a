import { describe } from 'vitest'
import { createLeanTransport } from '../../src/transport/lean-transport.ts'
import { transportContract } from './contract.ts'

describe('lean transport', () => {
  transportContract(createLeanTransport)
})
