/** What {@code heron doctor} finds, and what it asks a scheduler's back end. */
package org.apache.heron.spi.diagnosis;
