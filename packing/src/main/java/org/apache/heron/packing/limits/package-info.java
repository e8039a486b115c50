/** How big containers and instances are, for the packings that keep to a container's capacity. */
package org.apache.heron.packing.limits;
