/** A container's side of its relation to the topology manager: registration, plans, reports. */
package org.apache.heron.executor.registration;
