// MQTT.js behind JSON lines: one client, one request per line, one answer per line, in order.
'use strict'
const fs = require('fs')
const readline = require('readline')
const mqtt = require('mqtt')

let client
const messages = []
let waiting = null

function connect ({ uri, version, clientId, keep, ca, will }) {
  const options = {
    protocolVersion: version,
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    clean: !keep,
    reconnectPeriod: 0,
    connectTimeout: 15000,
    ...(clientId ? { clientId } : {}),
    ...(ca ? { ca: fs.readFileSync(ca) } : {}),
    ...(version === 5 ? { properties: { sessionExpiryInterval: keep } } : {}),
    ...(will ? { will: { topic: will.topic, payload: Buffer.from(will.payload, 'base64'), qos: will.qos, retain: false } } : {})
  }
  return new Promise((resolve, reject) => {
    client = mqtt.connect(uri, options)
    client.once('connect', packet => resolve({ sessionPresent: packet.sessionPresent }))
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed')))
    client.on('message', (topic, payload, packet) => {
      const message = { topic, payload: payload.toString('base64'), qos: packet.qos, retain: packet.retain }
      if (waiting) {
        const resolve = waiting
        waiting = null
        resolve(message)
      } else {
        messages.push(message)
      }
    })
  })
}

const verbs = {
  connect,
  subscribe: async ({ filter, qos }) => ({ granted: (await client.subscribeAsync(filter, { qos }))[0].qos }),
  publish: async ({ topic, payload, qos, retain }) => {
    await client.publishAsync(topic, Buffer.from(payload, 'base64'), { qos, retain })
    return {}
  },
  receive: ({ timeout }) => messages.length > 0
    ? messages.shift()
    : new Promise((resolve, reject) => {
      const timer = setTimeout(() => { waiting = null; reject(new Error(`no message after ${timeout} s`)) }, timeout * 1000)
      waiting = message => { clearTimeout(timer); resolve(message) }
    }),
  disconnect: async () => {
    await client.endAsync()
    return {}
  }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    let answer
    try {
      answer = await verbs[request.verb](request)
    } catch (error) {
      answer = { error: String(error) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  process.exit(0)
}

main()
