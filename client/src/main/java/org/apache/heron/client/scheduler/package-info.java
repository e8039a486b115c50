/** Talking to a topology's scheduler and topology manager over HTTP. */
package org.apache.heron.client.scheduler;
