/** Configuration: files, merge order, tokens, typed values. */
package org.apache.heron.spi.config;
