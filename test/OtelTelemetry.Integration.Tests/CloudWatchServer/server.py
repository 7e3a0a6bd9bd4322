"""Takes the place of Amazon CloudWatch for the integration tests.

Whether a request is right is decided by AWS's own library for Python (Debian's python3-botocore), which the product does not share: it
computes the signature again, and checks the parameters against its model of the service. One line of JSON is printed for each request.

Use: server.py PORT ACCESS_KEY_ID SECRET_ACCESS_KEY
"""
import datetime
import gzip
import http.client
import http.server
import json
import re
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.session
import botocore.validate

KEY_ID, KEY = sys.argv[2], sys.argv[3]
MODEL = botocore.session.get_session().get_service_model('cloudwatch')
AUTHORIZATION = re.compile(
    r'AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$')


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status = status


class SignedHeaders(botocore.auth.SigV4Auth):
    """Signs exactly the headers that the client signed."""

    def __init__(self, headers, *arguments):
        super().__init__(*arguments)
        self._signed = headers

    def headers_to_sign(self, request):
        return self._signed


def check_signature(headers, path, body):
    match = AUTHORIZATION.match(headers.get('Authorization', ''))
    if not match:
        raise Refused(403, 'MissingAuthenticationToken')
    key_id, day, region, service, names, signature = match.groups()
    if key_id != KEY_ID:
        raise Refused(403, 'InvalidClientTokenId')
    if service != 'monitoring':
        raise Refused(403, 'SignatureDoesNotMatch')
    timestamp = headers.get('X-Amz-Date', '')
    if timestamp[:8] != day:
        raise Refused(403, 'IncompleteSignature')
    now = datetime.datetime.utcnow()
    if abs((datetime.datetime.strptime(timestamp, '%Y%m%dT%H%M%SZ') - now).total_seconds()) > 300:
        raise Refused(403, 'RequestExpired')

    signed = http.client.HTTPMessage()
    for name in names.split(';'):
        if headers.get(name) is None:
            raise Refused(403, 'IncompleteSignature')
        signed[name] = headers[name]
    request = botocore.awsrequest.AWSRequest(method='POST', url='http://' + headers['Host'] + path, data=body)
    request.context['timestamp'] = timestamp
    request.context['payload_signing_enabled'] = True
    credentials = botocore.credentials.Credentials(KEY_ID, KEY, headers.get('X-Amz-Security-Token'))
    signer = SignedHeaders(signed, credentials, service, region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if expected != signature:
        raise Refused(403, 'SignatureDoesNotMatch')


def tree(pairs):
    root = {}
    for name, value in pairs:
        *parents, leaf = name.split('.')
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return root


def convert(shape, value):
    kind = shape.type_name
    if kind == 'structure':
        unknown = set(value) - set(shape.members)
        if unknown:
            raise ValueError('%s has no %s' % (shape.name, ', '.join(sorted(unknown))))
        return {name: convert(shape.members[name], part) for name, part in value.items()}
    if kind == 'list':
        members = value['member']
        return [convert(shape.member, members[str(i)]) for i in range(1, len(members) + 1)]
    if kind in ('double', 'float'):
        return float(value)
    if kind in ('integer', 'long'):
        return int(value)
    if kind == 'timestamp':
        datetime.datetime.fromisoformat(value.replace('Z', '+00:00'))
    return value


def check_parameters(body):
    pairs = dict(urllib.parse.parse_qsl(body.decode('ascii'), keep_blank_values=True, strict_parsing=True))
    action, version = pairs.pop('Action'), pairs.pop('Version')
    if version != MODEL.api_version:
        raise ValueError('version %s' % version)
    shape = MODEL.operation_model(action).input_shape
    parameters = convert(shape, tree(pairs.items()))
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise ValueError(report.generate_report())
    for datum in parameters['MetricData']:
        unit = shape.members['MetricData'].member.members['Unit']
        if datum.get('Unit', 'None') not in unit.enum:
            raise ValueError('unit %s' % datum['Unit'])
    return parameters


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'  # As the service does: connections stay open.

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        compressed = self.headers.get('Content-Encoding') == 'gzip'
        status, error, parameters = 200, None, None
        try:
            check_signature(self.headers, self.path, body)
            parameters = check_parameters(gzip.decompress(body) if compressed else body)
        except Refused as refused:
            status, error = refused.status, str(refused)
        except Exception as exception:
            status, error = 400, 'ValidationError: %s' % exception
        print(json.dumps({'status': status, 'error': error, 'compressed': compressed, 'parameters': parameters}), flush=True)
        answer = '<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"/>'
        if error:
            answer = '<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code></Error></ErrorResponse>' % error
        self.send_response(status)
        self.send_header('Content-Type', 'text/xml')
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler)
print('ready', flush=True)
server.serve_forever()
