/** Sources of words and sentences that several examples share. */
package org.apache.heron.examples.api.spout;
