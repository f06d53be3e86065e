/**
 * Loaded into a child process before its program (`node --import`). Whatever address the program asks for, it listens
 * on 127.0.0.1 only, sends the port to its parent, and exits when the parent does.
 */
import { Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function listenOnLoopback(...given) {
  const callback = given.findLast((argument) => typeof argument === 'function');
  const options = typeof given[0] === 'object' ? given[0] : { port: Number(given[0]) };
  this.once('listening', () => process.send?.({ port: this.address().port }));
  return listen.call(this, { ...options, host: '127.0.0.1' }, callback);
};

process.once('disconnect', () => process.exit());
