// Takes mail from one user, over STARTTLS only, and writes what happens to its standard output, a line of JSON each.
const { SMTPServer } = require('smtp-server');
const fs = require('fs');

const [port, key, certificate, user, password] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));

new SMTPServer({
  key: fs.readFileSync(key),
  cert: fs.readFileSync(certificate),
  onAuth(auth, session, done) {
    const right = auth.username === user && auth.password === password;
    say({ event: 'auth', right, secure: session.secure });
    if (right) done(null, { user });
    else done(new Error('Invalid username or password'));
  },
  onData(stream, session, done) {
    let mail = '';
    stream.on('data', (part) => (mail += part));
    stream.on('end', () => {
      say({ event: 'mail', from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((to) => to.address), user: session.user, secure: session.secure, mail });
      done();
    });
  },
}).listen(Number(port), '127.0.0.1', () => say({ event: 'up' }));
