/** The physical plan, as the data plane looks at it, and the settings of components. */
package org.apache.heron.executor.plan;
