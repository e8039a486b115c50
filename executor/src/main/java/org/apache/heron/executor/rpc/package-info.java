/**
 * Heron's own framing of protobuf messages over TCP, as its topology and stream managers speak it:
 * length, full message name, 32 bytes of request id, message.
 */
package org.apache.heron.executor.rpc;
