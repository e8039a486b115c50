/**
 * Which container goes on which agent, with which of the offered resources; and if not, why not.
 */
package org.apache.heron.framework.placement;
