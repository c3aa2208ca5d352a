/** The command lines of the specification, without the interpreter and the script. */
export const SPECIFICATION_EXAMPLES: Readonly<Record<string, string>> = {
  'proxy only':
    '--url http://192.168.1.107:8081/v1/chat/completions --model glm-4.7-flash --token t --agent-id laptop-test-user --dataset-suite core --requests 1000 --concurrency 3',
  probe:
    '--mode probe --url http://192.168.1.107:8081/v1/chat/completions --model glm-4.7-flash --token t --agent-id laptop-test-user --dataset-suite all --workers 8 --preview-chars 120 --show-prompt',
  sweep:
    '--direct-url http://192.168.1.107:8082/v1/chat/completions --proxy-url http://192.168.1.107:8081/v1/chat/completions --model glm-4.7-flash --token t --agent-id laptop-test-user --dataset-suite core --concurrency-list 1,2,5,10,20 --requests 500',
  'role injection':
    '--url http://192.168.1.107:8081/v1/chat/completions --model glm-4.7-flash --token t --dataset-suite core --dataset-label malicious --subcategory-contains role_injection --requests 300 --concurrency 10',
  progress:
    '--direct-url http://192.168.1.107:8082/v1/chat/completions --proxy-url http://192.168.1.107:8081/v1/chat/completions --model glm-4.7-flash --token t --dataset-suite all --concurrency-list 1,2,5,10,20 --requests 1500 --progress-every 100',
}

/** Every flag of the specification with its default as help shows it; undefined where there is none. */
export const SPECIFICATION_FLAGS: Readonly<Record<string, string | undefined>> = {
  url: undefined,
  'direct-url': undefined,
  'proxy-url': undefined,
  model: undefined,
  system: 'You are a helpful assistant.',
  prompt: 'Return a one-word response: OK.',
  temperature: '0',
  'max-tokens': '16',
  'timeout-seconds': '60',
  token: undefined,
  'agent-id': undefined,
  'dataset-file': undefined,
  'dataset-suite': undefined,
  'dataset-label': 'all',
  'category-contains': undefined,
  'subcategory-contains': undefined,
  'dataset-limit': '0',
  'dataset-shuffle-seed': '0',
  mode: 'load',
  requests: '100',
  concurrency: '10',
  'concurrency-list': undefined,
  'progress-every': '0',
  'jitter-ms': '0',
  workers: '0',
  retries: '0',
  'preview-chars': '90',
  'show-prompt': undefined,
  'output-json': undefined,
}
