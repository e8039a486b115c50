/** Bolts that several examples share. */
package org.apache.heron.examples.api.bolt;
