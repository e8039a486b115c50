/**
 * The stream manager: owns a container's instances, its place in the mesh, routing by the physical
 * plan, and back pressure.
 */
package org.apache.heron.executor.stmgr;
