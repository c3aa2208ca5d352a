document.title = 'llmtrace-bench proxy'
