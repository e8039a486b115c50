/** The package of a topology that schedulers and containers unpack. */
package org.apache.heron.client.bundle;
