/** Where a scheduler process writes its log. */
package org.apache.heron.service.logging;
