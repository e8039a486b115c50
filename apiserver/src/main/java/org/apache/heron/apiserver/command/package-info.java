/** Carrying out commands: how many at a time, and what their callers hear meanwhile. */
package org.apache.heron.apiserver.command;
