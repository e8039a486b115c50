/** Instances: each runs one spout or bolt on one thread, and brings it up again when it throws. */
package org.apache.heron.executor.instance;
