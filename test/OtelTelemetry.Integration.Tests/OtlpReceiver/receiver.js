'use strict';
// An OTLP receiver for tests: OTLP over HTTP (protobuf, gzip) and over gRPC, decoded with the protobuf classes of
// @opentelemetry/otlp-transformer, so that the product's bytes are read by somebody else's code.
//
//   node receiver.js [httpPort [grpcPort [file [brief]]]]
//                                                0 or nothing: the system chooses; the ports are printed as one JSON line
//                                                with a file, what arrives is written to it before it is answered, so that
//                                                the next receiver on the file knows it too, even when this one is killed
//                                                brief: only what tells one item from another, for many: nothing is kept in
//                                                memory, and the file has {"signal", "items": [...]} for each export, where an
//                                                item is the attribute N, or [instance, metric, attributes, time, value]
//   GET /exports?after=N                         what arrived after export number N, decoded, as a JSON array
//   GET /healthz                                 200 once both ports listen

const fs = require('fs');
const http = require('http');
const zlib = require('zlib');
const grpc = require('@grpc/grpc-js');
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');

const collector = opentelemetry.proto.collector;
const requestTypes = {
  traces: collector.trace.v1.ExportTraceServiceRequest,
  metrics: collector.metrics.v1.ExportMetricsServiceRequest,
  logs: collector.logs.v1.ExportLogsServiceRequest,
};
const grpcMethods = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};

const [httpPort = '0', grpcPort = '0', file, brief] = process.argv.slice(2);
const received = file && !brief && fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').flatMap(parse) : [];

/** A line of the file. One that breaks off, since its writer was killed, was never answered: its sender sends it again. */
function parse(line) {
  try {
    return line ? [JSON.parse(line)] : [];
  } catch {
    return [];
  }
}

/** A line break before, since the line before may break off; and one after it. */
function write(one) {
  fs.appendFileSync(file, `\n${JSON.stringify(one)}\n`);
}

function attribute(attributes, key) {
  const { value } = (attributes ?? []).find(one => one.key === key) ?? {};
  return value ? String(value.stringValue ?? value.intValue ?? value.doubleValue) : '';
}

function itemsOf(signal, body) {
  if (signal === 'traces') return body.resourceSpans.flatMap(resource => resource.scopeSpans.flatMap(scope => scope.spans.map(span => attribute(span.attributes, 'N'))));
  if (signal === 'logs') return body.resourceLogs.flatMap(resource => resource.scopeLogs.flatMap(scope => scope.logRecords.map(log => attribute(log.attributes, 'N'))));
  return body.resourceMetrics.flatMap(resource => resource.scopeMetrics.flatMap(scope => scope.metrics.flatMap(metric => {
    const data = metric.sum ?? metric.gauge ?? metric.histogram ?? metric.exponentialHistogram ?? metric.summary;
    return data.dataPoints.map(point => [
      attribute(resource.resource?.attributes, 'service.instance.id'), metric.name, point.attributes ?? [], point.timeUnixNano, Number(point.asDouble ?? point.asInt ?? point.count),
    ]);
  })));
}

/** Decodes one export request and keeps it. Throws when the bytes are not what the signal's schema says. */
function receive(signal, transport, headers, bytes) {
  const type = requestTypes[signal];
  const body = type.toObject(type.decode(bytes), { longs: String, enums: String, bytes: String });
  if (brief) return write({ signal, items: itemsOf(signal, body) });
  const one = { number: received.length + 1, signal, transport, headers, bytes: bytes.length, body };
  if (file) write(one);
  received.push(one);
}

function readAll(request, done) {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => done(Buffer.concat(chunks)));
}

function answer(response, status, contentType, body) {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

function handlePost(request, response, signal) {
  readAll(request, raw => {
    try {
      const contentType = request.headers['content-type'];
      if (contentType !== 'application/x-protobuf') throw new Error(`unexpected content type ${contentType}`);
      const bytes = request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(raw) : raw;
      receive(signal, 'http', request.headers, bytes);
      answer(response, 200, 'application/x-protobuf');
    } catch (error) {
      console.error(`rejected ${signal} over HTTP: ${error}`);
      answer(response, 400, 'text/plain', String(error));
    }
  });
}

function handleGet(response, url) {
  if (url.pathname === '/healthz') return answer(response, 200, 'text/plain', 'ok');
  if (url.pathname !== '/exports') return answer(response, 404, 'text/plain', 'not here');
  const after = Number(url.searchParams.get('after') ?? 0);
  answer(response, 200, 'application/json', JSON.stringify(received.slice(after)));
}

const httpServer = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://receiver');
  if (request.method === 'GET') return handleGet(response, url);
  const match = /^\/v1\/(traces|metrics|logs)$/.exec(url.pathname);
  if (request.method === 'POST' && match) return handlePost(request, response, match[1]);
  answer(response, 404, 'text/plain', 'not here');
});

const grpcServer = new grpc.Server();
const asIs = bytes => bytes;
for (const [signal, path] of Object.entries(grpcMethods)) {
  const method = {
    path, requestStream: false, responseStream: false,
    requestDeserialize: asIs, requestSerialize: asIs, responseDeserialize: asIs, responseSerialize: asIs,
  };
  grpcServer.addService({ Export: method }, {
    Export: (call, reply) => {
      try {
        receive(signal, 'grpc', call.metadata.getMap(), call.request);
        reply(null, Buffer.alloc(0));
      } catch (error) {
        console.error(`rejected ${signal} over gRPC: ${error}`);
        reply({ code: grpc.status.INVALID_ARGUMENT, message: String(error) });
      }
    },
  });
}

httpServer.listen(Number(httpPort), '127.0.0.1', () => {
  grpcServer.bindAsync(`127.0.0.1:${grpcPort}`, grpc.ServerCredentials.createInsecure(), (error, boundGrpcPort) => {
    if (error) throw error;
    console.log(JSON.stringify({ http: httpServer.address().port, grpc: boundGrpcPort }));
  });
});
process.on('SIGTERM', () => process.exit(0));
